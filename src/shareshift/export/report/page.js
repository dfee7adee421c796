// Charts are drawn in the reader's mode, and again when it changes; without scripts and on paper the still ones show.
(() => {
  const charts = JSON.parse(document.getElementById("charts").textContent);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const options = { actions: false, renderer: "svg", ast: true };
  async function draw() {
    const mode = dark.matches ? "dark" : "light";
    for (const [name, spec] of Object.entries(charts[mode])) {
      const tooltip = { theme: mode === "dark" ? "dark" : "" };
      const place = document.getElementById("chart-" + name);
      place.parentElement.classList.add("drawn");
      await vegaEmbed(place, spec, { ...options, tooltip });
    }
    document.documentElement.dataset.drawn = mode;
  }
  function failed(error) {
    document.querySelectorAll(".drawn").forEach((figure) => figure.classList.remove("drawn"));
    console.error(error);
  }
  const start = () => draw().catch(failed);
  dark.addEventListener("change", start);
  start();
})();
