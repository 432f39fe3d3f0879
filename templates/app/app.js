// Sliders have no name of their own: each takes that of the number above it.
new MutationObserver(function () {
  document.querySelectorAll(".mineco-control .noUi-handle:not([aria-label])").forEach(function (handle) {
    const name = handle.closest(".mineco-control").querySelector("label");
    if (name) handle.setAttribute("aria-label", name.textContent);
  });
}).observe(document.documentElement, {childList: true, subtree: true});
