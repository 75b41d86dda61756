"""The back-office of a course platform: one way to say which rows, one way to change them.

    app.py            create_app(): reads like a table of contents; the only module that knows every feature
    config.py         settings from the environment
    extensions.py     the Flask extensions, unbound
    core/             what every feature stands on; knows no feature
      model.py        the base class of every row: id, version, timestamps, derived columns
      access.py       roles, verbs, fields, row scope: asked at every door
      selection/      which rows: query language, filters, search, paging, counts
      operations/     what changes: plan, apply, undo, history
      exchange/       rows out and in: CSV, XLSX, JSON Lines
      summaries/      cached figures and their pictures
      grid/           Grid(ModelView): lists, forms, cells, bulk actions
      web/            around every request: the gate, forged requests, headers, error pages, logs, static files
    staff/ students/ courses/ enrollments/ billing/     one noun a folder: models, services, grids, summaries
    interchange/      OULAD, seed, import and export commands
    dashboard/        the overview

The import rule: `app -> features -> core -> extensions, config`. Inside core: `grid -> exchange, summaries, operations, web ->
selection -> access -> model`. Features, lowest first: staff, students, courses, enrollments, billing, interchange,
dashboard. Inside a feature: `grids, views, commands -> services -> models`. `lint-imports` and tests/contracts hold it.
"""
