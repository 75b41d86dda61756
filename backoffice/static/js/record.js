// Who last changed a field goes away by Escape, as long as the pointer or the focus stays where it is.
//   .told

addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const told of document.querySelectorAll(".told:is(:hover, :focus-within)")) told.classList.add("told-away");
});

for (const told of document.querySelectorAll(".told")) {
  for (const back of ["pointerleave", "focusout"]) told.addEventListener(back, () => told.classList.remove("told-away"));
}
