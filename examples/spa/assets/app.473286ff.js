// Shows a page for each path without asking the server for it, and what the API answers under /api/.
const pages = {"/": "Home", "/about": "About"};

function show() {
  document.querySelector("h1").textContent = pages[location.pathname] ?? "Not found";
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (link && link.origin === location.origin) {
    event.preventDefault();
    history.pushState(null, "", link.pathname);
    show();
  }
});
window.addEventListener("popstate", show);

fetch("/api/health")
  .then((answer) => (answer.ok ? answer.text() : `The API answers ${answer.status}.`))
  .catch(() => "The API does not answer.")
  .then((text) => { document.querySelector("output").textContent = text; });
show();
