"""The same little school as a Django admin, declared as somebody who knows it would: `python -m tests.benchmarks.tasks.django_site FOLDER PORT`."""
