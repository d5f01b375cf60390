// Samples in two dimensions: one plane a run, one panel that tells of the chosen sample. Planes of the same data share the choice.

function embeddingSection(data, runs) {
  const names = runs[0].embedding.projections.map(p => p.name);
  const detail = h("div", { class: "detail", "aria-live": "polite" }), hidden = new Set();
  const planes = runs.map(run => plane(data, run, hidden, choose));
  let projection = names.length - 1;

  function choose(sample) {
    silence();
    const one = data.samples[sample];
    for (const p of planes) p.choose(sample);
    detail.replaceChildren(...exhibit(data, one), h("div", {}, h("strong", {}, className(data, one) || fileName(one.name))), h("div", { class: "muted" }, one.name));
    if (data.word === "recordings" && !one.sound) detail.append(h("p", { class: "muted" }, "Its sound is not kept in this page: there is room for some only."));
    for (const run of runs) {
      const at = run.embedding.samples.indexOf(sample);
      if (at < 0) continue;
      const near = run.embedding.neighbours[at].slice(0, 5).map(n => data.samples[run.embedding.samples[n]]);
      detail.append(h("h4", {}, runs.length > 1 ? `Nearest to it in ${run.name}` : "Nearest to it"), near[0].picture
        ? h("div", { class: "thumbs" }, near.map(n => picture(data, n, className(data, n) || n.name)))
        : h("div", {}, near.map(n => h("div", {}, fileName(n.name), className(data, n) ? h("span", { class: "muted" }, ` ${className(data, n)}`) : null))));
    }
  }

  const notes = h("div", {});
  function project(n) {
    projection = n;
    buttons.forEach((b, i) => b.setAttribute("aria-pressed", String(i === n)));
    planes.forEach(p => p.project(n));
    notes.replaceChildren(...runs.map(run => h("p", { class: "note" }, runs.length > 1 ? h("strong", {}, `${run.name}: `) : null, `${run.embedding.projections[n].note} ${run.embedding.note}`)));
  }

  const buttons = names.map((name, i) => h("button", { type: "button", "aria-pressed": "false", onclick: () => project(i) }, name));
  const counts = data.classes.map((_, c) => data.samples.filter(x => x.class === c).length);
  const legend = h("div", { class: "legend", role: "group", "aria-label": data.by ? `Shown by ${data.by}` : "Shown" }, data.classes.map((name, c) => counts[c] === 0 ? null : h("button", {
    type: "button", "aria-pressed": "true", onclick: e => {
      if (hidden.has(c)) hidden.delete(c); else hidden.add(c);
      e.currentTarget.setAttribute("aria-pressed", String(!hidden.has(c)));
      planes.forEach(p => p.hide());
    },
  }, glyph(c), name)));
  project(projection);
  if (planes.length) choose(runs[0].embedding.samples[runs[0].embedding.queries[0] || 0]);
  return h("div", {}, h("div", { class: "controls", role: "group", "aria-label": "Projection" }, buttons), data.classes.length ? legend : null,
    h("div", { class: runs.length === 1 ? "embedding one" : "embedding" }, h("div", {}, h("div", { class: "scatters" }, planes.map(p => p.element)), notes,
      h("p", { class: "note hint" }, "Point at a sample, or focus the plane and move by the arrow keys; Enter plays a sound.")), detail));
}

function plane(data, run, hidden, chosen) {
  const size = 600, room = 26, embedding = run.embedding;
  const marks = embedding.samples.map(sample => s("path", { class: "mark", d: data.samples[sample].class < 0 ? SHAPES[0] : shape(data.samples[sample].class), fill: data.samples[sample].class < 0 ? "var(--accent)" : colour(data.samples[sample].class), "data-sample": sample }));
  const over = s("g", {}), figure = s("svg", { viewBox: `0 0 ${size} ${size}`, "aria-hidden": "true" }, s("g", {}, marks), over);
  const element = h("div", { class: "scatter", tabindex: 0, role: "group", "aria-roledescription": "plane of samples", "aria-label": `Where ${run.name} puts the samples: arrow keys move to the next one, Enter plays its sound` }, figure);
  const scale = clamp(Math.sqrt(700 / embedding.samples.length), .8, 1.4).toFixed(2);
  let points = [], at = -1;

  function project(n) {
    const p = embedding.projections[n];
    points = p.x.map((x, i) => [size / 2 + x * (size / 2 - room), size / 2 - p.y[i] * (size / 2 - room)]);
    marks.forEach((m, i) => m.setAttribute("transform", `translate(${points[i][0].toFixed(1)},${points[i][1].toFixed(1)}) scale(${scale})`));
    ring();
  }

  function ring() {
    over.replaceChildren();
    if (at < 0 || !visible(at)) return;
    for (const n of embedding.neighbours[at].slice(0, 5)) over.append(s("line", { class: "tie", x1: points[at][0], y1: points[at][1], x2: points[n][0], y2: points[n][1] }));
    over.append(s("circle", { class: "ring", cx: points[at][0], cy: points[at][1], r: 8 }));
  }

  function visible(i) { return !hidden.has(data.samples[embedding.samples[i]].class); }

  /** The visible sample with the least cost, -1 where all are out of reach. */
  function best(cost) {
    let found = -1, least = Infinity;
    for (let i = 0; i < points.length; i++) {
      const c = visible(i) ? cost(points[i][0], points[i][1], i) : Infinity;
      if (c < least) { least = c; found = i; }
    }
    return found;
  }

  function pick(i) { if (i >= 0 && i !== at) chosen(embedding.samples[i]); }

  function pointed(e) {
    const box = figure.getBoundingClientRect(), px = (e.clientX - box.left) * size / box.width, py = (e.clientY - box.top) * size / box.height;
    return best((x, y) => { const d = Math.hypot(x - px, y - py); return d < 20 ? d : Infinity; });
  }

  element.addEventListener("pointermove", e => pick(pointed(e)));
  element.addEventListener("click", e => { const i = pointed(e); if (i >= 0) { pick(i); play(data.samples[embedding.samples[i]].sound, null); } });
  element.addEventListener("keydown", e => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[e.key];
    if (way) {
      const [ox, oy] = at < 0 ? [size / 2, size / 2] : points[at];
      pick(best((x, y, i) => {
        const dx = x - ox, dy = y - oy, along = dx * way[0] + dy * way[1], across = Math.abs(dx * way[1]) + Math.abs(dy * way[0]);
        return i !== at && along > 0 && across <= 1.2 * along ? along + 1.5 * across : Infinity;
      }));
    } else if (e.key === "Enter" || e.key === " ") {
      if (at >= 0) play(data.samples[embedding.samples[at]].sound, null);
    } else return;
    e.preventDefault();
  });
  return {
    element: h("figure", {}, h("figcaption", {}, h("span", { class: "title" }, run.name)), element),
    project,
    choose(sample) { at = embedding.samples.indexOf(sample); ring(); },
    hide() { marks.forEach((m, i) => m.classList.toggle("off", !visible(i))); ring(); },
  };
}
