// The site on the left, the PDF of the report that is shown there on the right; both come anew when they were built.
"use strict";

const page = document.getElementById("page");
const pdf = document.getElementById("pdf");
const noPdf = document.getElementById("no-pdf");
let shown = 0; // the build that is shown; 0 before the first
let stamp = ""; // what the PDF that is shown says of itself

const WORDS = {
  "pages": "writing the pages …",
  "pdfs": "building PDFs …",
  "ready": "up to date",
  "gone": "the preview has ended: start `reportgen serve` again",
};

async function showPdf() {
  const link = page.contentDocument && page.contentDocument.querySelector('a.button[href$=".pdf"]');
  if (!link) {
    pdf.hidden = true;
    noPdf.hidden = false;
    stamp = "";
    const isReport = page.contentDocument && page.contentDocument.querySelector("#page-report");
    noPdf.textContent = isReport ? "This report has no PDF yet." : "Open a report on the left to see its PDF here.";
    return;
  }
  const found = await fetch(link.href, { method: "HEAD" });
  const now = link.href + found.headers.get("ETag");
  if (now === stamp) return;
  stamp = now;
  pdf.contentWindow.location.replace(`${link.href}#navpanes=0&view=FitH`);
  pdf.hidden = false;
  noPdf.hidden = true;
}

page.addEventListener("load", () => {
  const place = page.contentWindow.location;
  if (place.pathname.startsWith("/site/")) history.replaceState(null, "", "#" + place.pathname.slice(6) + place.hash);
  showPdf();
});

for (const choice of document.querySelectorAll('[name="shown"]'))
  choice.addEventListener("change", () => { document.body.className = choice.value === "both" ? "" : `only-${choice.value}`; });

const events = new EventSource("events");
events.addEventListener("message", (event) => {
  const told = JSON.parse(event.data);
  document.getElementById("state").textContent = WORDS[told.doing];
  const problems = document.getElementById("problems");
  problems.textContent = told.problems;
  problems.hidden = !told.problems;
  if (told.build === shown) return;
  if (shown === 0) page.src = "/site/" + decodeURI(location.hash.slice(1));
  else page.contentWindow.location.reload();
  shown = told.build;
});
events.addEventListener("error", () => { document.getElementById("state").textContent = WORDS.gone; });
