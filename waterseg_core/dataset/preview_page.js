"use strict";
const list = document.querySelector(".cards");
const cards = Array.from(list.children);
const sort = document.getElementById("sort");
const split = document.getElementById("split");
const state = document.getElementById("state");
const words = document.getElementById("words");
const count = document.getElementById("count");
const number = (card, name) => Number(card.dataset[name]);
const orders = {
  worst: (a, b) => number(a, "rank") - number(b, "rank"),
  best: (a, b) => number(b, "iou") - number(a, "iou"),
  water: (a, b) => number(b, "water") - number(a, "water"),
  objects: (a, b) => number(b, "objects") - number(a, "objects"),
  name: (a, b) => a.dataset.name.localeCompare(b.dataset.name, "en", { numeric: true }),
};

function show() {
  const sought = words.value.trim().toLowerCase();
  let shown = 0;
  for (const card of cards) {
    const fits =
      (split.value === "" || card.dataset.split === split.value) &&
      (state.value === "" || card.dataset.state === state.value) &&
      card.dataset.name.toLowerCase().includes(sought);
    card.hidden = !fits;
    shown += fits ? 1 : 0;
  }
  count.textContent = shown === cards.length ? cards.length + " chips" : shown + " of " + cards.length + " chips";
}

sort.addEventListener("change", () => list.append(...cards.sort(orders[sort.value])));
for (const control of [split, state]) control.addEventListener("change", show);
words.addEventListener("input", show);
list.addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const text = button.previousElementSibling;
  try {
    await navigator.clipboard.writeText(text.textContent);
    button.textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(text);
    button.textContent = "Selected: copy with Ctrl+C";
  }
});
show();
