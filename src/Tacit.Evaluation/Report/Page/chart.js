// Curves over steps. Every chart is a slider: the pointer or the arrow keys move a cursor, and all charts follow it.

const charts = [];

/**
 * @param options title, note, series [{name, steps, values, place}], percent, wide.
 * A series' place in the runs decides its colour and dashes; values may hold null, which is marked.
 */
function lineChart(options) {
  const steps = [...new Set(options.series.flatMap(x => x.steps))].sort((a, b) => a - b);
  const readout = h("output", {}), plot = h("div", { class: "plot", tabindex: 0, role: "slider", "aria-label": options.title, "aria-orientation": "horizontal" });
  const say = options.percent ? percent : shown;
  const height = options.wide ? 260 : 170, edge = { left: 52, right: 10, top: 8, bottom: 24 };
  let x = null, y = null, width = 0, marks = null, at = steps.length - 1;

  const finite = options.series.flatMap(c => c.values.filter(v => v !== null));
  let low = Math.min(...finite), high = Math.max(...finite);
  if (!finite.length) { low = 0; high = 1; }
  const room = (high - low) * .06 || Math.abs(high) * .1 || .5;
  low -= room; high += room;

  function draw(wanted) {
    width = wanted || Math.max(220, plot.clientWidth);
    const first = steps[0], last = steps[steps.length - 1];
    x = step => edge.left + (width - edge.left - edge.right) * (last > first ? (step - first) / (last - first) : .5);
    y = value => edge.top + (height - edge.top - edge.bottom) * (high - value) / (high - low);
    const figure = s("svg", { viewBox: `0 0 ${width} ${height}`, height, "aria-hidden": "true" });
    for (const t of ticks(low, high, 4)) {
      figure.append(s("line", { class: "grid", x1: edge.left, x2: width - edge.right, y1: y(t), y2: y(t) }));
      figure.append(s("text", { x: edge.left - 8, y: y(t) + 4, "text-anchor": "end" }, options.percent ? Math.round(100 * t) + " %" : shown(t)));
    }
    for (const t of last > first ? ticks(first, last, options.wide ? 8 : 4) : [first]) {
      if (t === Math.round(t)) figure.append(s("text", { x: x(t), y: height - 6, "text-anchor": "middle" }, t.toLocaleString("en")));
    }
    for (const c of options.series) figure.append(...drawn(c));
    marks = s("g", {});
    figure.append(marks);
    plot.replaceChildren(figure);
    show(steps[at], false);
  }

  function drawn(c) {
    const parts = [], tone = options.single ? "var(--accent)" : colour(c.place);
    let path = "", pen = "M";
    c.values.forEach((v, i) => {
      if (v === null) {
        pen = "M";
        const cx = x(c.steps[i]), cy = edge.top + 6;
        parts.push(s("path", { class: "alarm", d: `M${cx - 4},${cy - 4}l8,8m0,-8l-8,8` }, s("title", {}, `step ${c.steps[i]}: not a number`)));
        return;
      }
      path += `${pen}${x(c.steps[i]).toFixed(1)},${y(v).toFixed(1)}`;
      pen = "L";
    });
    parts.unshift(s("path", { class: "curve", d: path, stroke: tone, "stroke-dasharray": options.single ? "" : DASHES[c.place % DASHES.length] }));
    if (c.values.length <= 40) c.values.forEach((v, i) => v !== null && parts.push(s("circle", { cx: x(c.steps[i]), cy: y(v), r: 2.4, fill: tone })));
    return parts;
  }

  /** Puts the cursor at the logged step nearest to a step. */
  function show(step, live) {
    at = nearest(steps, step);
    const here = steps[at], words = [];
    marks.replaceChildren(s("line", { class: "cursor", x1: x(here), x2: x(here), y1: edge.top, y2: height - edge.bottom }));
    readout.replaceChildren(live === false && at === steps.length - 1 ? "last " : `step ${here.toLocaleString("en")} `);
    for (const c of options.series) {
      const i = nearest(c.steps, here), v = c.values[i];
      if (v !== null) marks.append(s("circle", { cx: x(c.steps[i]), cy: y(v), r: 4, fill: options.single ? "var(--accent)" : colour(c.place), stroke: "var(--paper)", "stroke-width": 1.5 }));
      const text = v === null ? "not a number" : say(v);
      readout.append(options.series.length > 1 ? h("span", {}, " ", lineSwatch(c.place), h("b", {}, text), " ") : h("b", {}, text));
      words.push(options.series.length > 1 ? `${c.name} ${text}` : text);
    }
    plot.setAttribute("aria-valuemin", steps[0]);
    plot.setAttribute("aria-valuemax", steps[steps.length - 1]);
    plot.setAttribute("aria-valuenow", here);
    plot.setAttribute("aria-valuetext", `step ${here}: ${words.join(", ")}`);
  }

  plot.addEventListener("pointermove", e => {
    const box = plot.getBoundingClientRect(), place = (e.clientX - box.left) * width / box.width;
    const share = (place - edge.left) / (width - edge.left - edge.right);
    follow(steps[0] + clamp(share, 0, 1) * (steps[steps.length - 1] - steps[0]));
  });
  plot.addEventListener("keydown", e => {
    const move = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10, Home: -Infinity, End: Infinity }[e.key];
    if (move === undefined) return;
    e.preventDefault();
    follow(steps[clamp(at + move, 0, steps.length - 1)]);
  });
  charts.push(show);
  window.addEventListener("beforeprint", () => draw(options.wide ? 680 : 320));
  window.addEventListener("afterprint", () => draw());
  let known = 0;
  new ResizeObserver(() => { if (plot.clientWidth && plot.clientWidth !== known) { known = plot.clientWidth; draw(); } }).observe(plot);
  return h("figure", { class: options.wide ? "chart wide" : "chart" },
    h("figcaption", {}, h("span", { class: "title" }, options.title), readout), plot, options.note && h("p", { class: "note" }, options.note));
}

/** All charts look at the same step. */
function follow(step) { for (const show of charts) show(step, true); }

function nearest(sorted, value) {
  let low = 0, high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1; else high = middle;
  }
  return low > 0 && value - sorted[low - 1] <= sorted[low] - value ? low - 1 : low;
}
