// Copies the words of the element that a button names; without a script there is no such button.
"use strict";
for (const button of document.querySelectorAll("button[data-copies]")) {
  const words = document.getElementById(button.dataset.copies);
  const status = button.closest("section").querySelector("[role=status]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(words.innerText);
      status.textContent = button.dataset.said;
    } catch {
      getSelection().selectAllChildren(words); // the reader copies what is selected
    }
  });
}
