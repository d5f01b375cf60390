// How the values of a batch spread, over the run: a column a logged step, a row a bin, the fuller the darker.

function histogramChart(histogram, title) {
  const columns = histogram.steps.length, rows = histogram.counts[0].length, width = 420, height = 150, left = 8, bottom = 20;
  const figure = s("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `${title}: how it spreads over the run, lowest values at the bottom` });
  const w = (width - left) / columns, t = (height - bottom) / rows;
  histogram.counts.forEach((counts, i) => {
    const most = Math.max(1, ...counts);
    counts.forEach((n, bin) => {
      if (n > 0) figure.append(s("rect", { x: left + i * w, y: (rows - 1 - bin) * t, width: w + .4, height: t + .4, fill: "var(--accent)", opacity: (.06 + .94 * n / most).toFixed(2) }));
    });
  });
  figure.append(s("rect", { x: left, y: 0, width: width - left, height: height - bottom, fill: "none", class: "grid" }));
  figure.append(s("text", { x: left, y: height - 5 }, `step ${histogram.steps[0]}`), s("text", { x: width, y: height - 5, "text-anchor": "end" }, `step ${histogram.steps[columns - 1]}`));
  return h("figure", { class: "chart" }, h("figcaption", {}, h("span", { class: "title" }, title)), figure, h("p", { class: "note" }, "How the values of a batch spread; lowest at the bottom."));
}
