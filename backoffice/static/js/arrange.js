// Figures are dragged within their heading (js/drag.js); the buttons beside them do the same without this.
//   li[data-figure] of all lists, in their order; [data-order] is the form that keeps an order

document.addEventListener("moved", ({ target }) => {
  const { elements } = document.querySelector("[data-order]");
  elements.order.value = [...document.querySelectorAll("[data-figure]")].map((item) => item.dataset.figure).join();
  elements.at.value = `at-${target.dataset.figure}`;
  elements.at.form.requestSubmit();
});
