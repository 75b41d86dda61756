// Runs before the first paint, so that a chosen theme never flashes. Without a choice the system's theme holds.
const chosenTheme = localStorage.getItem("theme");
if (chosenTheme) document.documentElement.dataset.theme = chosenTheme;
