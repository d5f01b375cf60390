// Results, confusions, layers, settings.

/** A table in a box of its own, which scrolls where it is too wide. */
function boxed(label, table) {
  return h("div", { class: "box", tabindex: 0, role: "group", "aria-label": label }, table);
}

/** What all runs have comes first; the keys of some methods only are folded away. */
function differenceTables(model) {
  const shared = model.differences.filter(d => !d.values.includes(null)), own = model.differences.filter(d => d.values.includes(null));
  return [
    shared.length ? differenceTable(model, shared) : null,
    own.length ? h("details", {}, h("summary", {}, `${own.length} keys that not all of the runs have`), differenceTable(model, own)) : null,
  ];
}

function differenceTable(model, differences) {
  return boxed("Differences in configuration", h("table", {},
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "key"), model.runs.map((r, i) => h("th", { scope: "col" }, lineSwatch(i), r.name)))),
    h("tbody", {}, differences.map(d => h("tr", {}, h("th", { scope: "row", class: "mono" }, d.key), d.values.map(v => h("td", { class: "value mono" }, v === null ? "–" : v)))))));
}

/** The results of all runs under one protocol, with an interval each on a common scale. */
function resultTable(rows, protocol) {
  const low = Math.min(...rows.map(r => r.low)), high = Math.max(...rows.map(r => r.high)), width = 260, from = Math.max(0, low - .05), to = Math.min(1, high + .05);
  const x = v => 8 + (width - 16) * (v - from) / Math.max(1e-9, to - from);
  const interval = r => s("svg", { viewBox: `0 0 ${width} 20`, width, height: 20, "aria-hidden": "true" },
    s("line", { class: "grid", x1: 8, x2: width - 8, y1: 10, y2: 10 }),
    s("line", { x1: x(r.low), x2: x(r.high), y1: 10, y2: 10, stroke: r.kind === "run" ? "var(--accent)" : "var(--muted)", "stroke-width": 3 }),
    s("circle", { cx: x(r.value), cy: 10, r: 5, fill: r.kind === "run" ? "var(--accent)" : "var(--muted)", stroke: "var(--paper)", "stroke-width": 1.5 }));
  const words = { raw: rows[0].modality, untrained: "the same network, untrained", run: "" };
  return [h("h3", {}, protocol === "knn" ? "Nearest neighbours" : "Linear probe"), boxed(`Results, ${protocol}`, h("table", {},
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "encoder"), h("th", { scope: "col" }, "accuracy"), h("th", { scope: "col" }, "95 % interval"), h("th", { scope: "col" }, `${percent(from)} to ${percent(to)}`), h("th", { scope: "col" }, "items"))),
    h("tbody", {}, rows.map(r => h("tr", { class: r.kind, title: r.detail }, h("th", { scope: "row" }, r.encoder, words[r.kind] ? h("span", { class: "muted" }, ` ${words[r.kind]}`) : null),
      h("td", { class: "number" }, percent(r.value)), h("td", { class: "number" }, `${percent(r.low)} – ${percent(r.high)}`), h("td", {}, interval(r)), h("td", { class: "number" }, r.n.toLocaleString("en")))))))];
}

function confusionTable(confusion) {
  return boxed("Confusion matrix", h("table", { class: "confusion" },
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "true \\ answered"), confusion.classes.map(c => h("th", { scope: "col" }, c)))),
    h("tbody", {}, confusion.counts.map((row, i) => {
      const all = Math.max(1, row.reduce((a, b) => a + b, 0));
      return h("tr", {}, h("th", { scope: "row" }, confusion.classes[i]), row.map((n, j) => h("td", {
        title: `${confusion.classes[i]} answered as ${confusion.classes[j]}: ${n} of ${all}`,
        style: { background: `color-mix(in srgb, ${i === j ? "var(--accent)" : "var(--c3)"} ${Math.round(85 * n / all)}%, transparent)`, color: n / all > .75 ? "var(--on-accent)" : "inherit" },
      }, n === 0 ? "" : String(n))));
    }))));
}

function layerBars(layers) {
  const most = Math.max(...layers.shares);
  return h("div", { class: "bars" }, layers.names.map((name, i) => [h("span", { class: "mono" }, name), h("div", {}, h("div", { class: "bar", style: { width: `${100 * layers.shares[i] / most}%` } })), h("span", {}, percent(layers.shares[i]))]));
}

function settingsTable(run) {
  const changed = run.settings.filter(x => x.default !== null);
  const rows = list => h("tbody", {}, list.map(x => h("tr", {}, h("th", { scope: "row", class: "mono" }, x.key), h("td", { class: "value mono" }, x.value), h("td", { class: "value mono muted" }, x.default === null ? "" : x.default))));
  const head = h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "key"), h("th", { scope: "col" }, "value"), h("th", { scope: "col" }, "default")));
  return [
    changed.length ? [h("h3", {}, "Not the method's default"), boxed("Settings that are not the default", h("table", {}, head.cloneNode(true), rows(changed)))] : null,
    h("details", {}, h("summary", {}, `All ${run.settings.length} settings`), boxed("All settings", h("table", {}, head, rows(run.settings)))),
  ];
}

function commandList(run) {
  return run.commands.map(c => {
    const button = h("button", { type: "button", onclick: () => copy(c.line, button) }, "Copy");
    return h("div", { class: "command" }, h("p", {}, c.what), h("div", {}, h("pre", { tabindex: 0 }, c.line), button));
  });
}

function copy(text, button) {
  const told = () => { button.textContent = "Copied"; setTimeout(() => { button.textContent = "Copy"; }, 1500); };
  if (navigator.clipboard && window.isSecureContext) { navigator.clipboard.writeText(text).then(told, () => {}); return; }
  const area = h("textarea", { style: { position: "fixed", opacity: "0" } });
  area.value = text;
  document.body.append(area);
  area.select();
  if (document.execCommand("copy")) told();
  area.remove();
  button.focus();
}
