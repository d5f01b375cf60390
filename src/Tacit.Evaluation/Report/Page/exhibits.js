// Pictures, sounds and texts of samples.

const player = new Audio();
let playing = null;

/** Plays a sound once; the button that asked shows that it plays, and stops it. */
function play(sound, button) {
  const again = playing === button && !player.paused;
  silence();
  if (again || !sound) return;
  playing = button;
  if (button) button.setAttribute("aria-pressed", "true");
  player.src = sound;
  player.play().catch(silence);
}

function silence() {
  player.pause();
  if (playing) playing.setAttribute("aria-pressed", "false");
  playing = null;
}

player.addEventListener("ended", silence);

function playButton(sound, name) {
  const button = h("button", { class: "play", type: "button", "aria-label": `Play ${name}`, "aria-pressed": "false", onclick: () => play(sound, button) },
    s("svg", { viewBox: "0 0 10 10", "aria-hidden": "true" }, s("path", { d: "M2,1L9,5L2,9z" })));
  return button;
}

/** A sample's picture; of a sound, whose picture is coarse, it is drawn smoothly and wider. */
function picture(data, sample, name) {
  return h("img", { src: sample.picture, alt: name, title: name, class: data.word === "recordings" ? "spectrum" : null });
}

/** What a sample looks or sounds like. */
function exhibit(data, sample) {
  return [
    sample.picture && picture(data, sample, sample.name),
    sample.sound && playButton(sample.sound, sample.name),
    sample.text && h("blockquote", {}, sample.text),
  ].filter(x => x);
}

function className(data, sample) { return sample.class < 0 ? "" : data.classes[sample.class]; }

/** The last part of a path, which is what people know a file by. */
function fileName(name) { return name.split("/").pop(); }

function kind(data, sample) { return sample.text !== null ? "text" : ""; }

/** A query and its neighbours in a row. */
function neighbourRow(data, embedding, query) {
  const sample = data.samples[embedding.samples[query]];
  const cell = (at, extra, similarity) => {
    const one = data.samples[embedding.samples[at]], same = similarity !== null && one.class >= 0 && one.class === sample.class;
    return h("div", { class: `cell ${kind(data, one)} ${extra} ${same ? "same" : ""}` }, exhibit(data, one),
      h("div", {}, className(data, one) || fileName(one.name)), similarity === null ? h("div", {}, "query") : h("div", {}, similarity.toFixed(3), same ? h("span", {}, " same") : null));
  };
  return h("div", { class: "strip" }, cell(query, "query", null), embedding.neighbours[query].map((n, i) => cell(n, "", embedding.similarities[query][i])));
}

function viewsRow(item) {
  const cell = one => h("div", { class: `cell ${one.sound || item.original.sound ? "sound" : ""}` },
    one.picture && h("img", { src: one.picture, alt: one.caption }), one.sound && playButton(one.sound, `${fileName(item.name)}, ${one.caption}`), h("div", {}, one.caption));
  return [h("h3", {}, item.name), h("div", { class: "box", tabindex: 0, role: "group", "aria-label": `Views of ${item.name}` }, h("div", { class: "strip" }, h("div", { class: "query" }, cell(item.original)), item.views.map(cell)))];
}

function reconstructionRow(row, columns, wide) {
  return h("div", { class: "strip" }, row.pictures.map((picture, i) => h("div", { class: wide ? "cell sound" : "cell row" }, h("img", { src: picture, alt: `${row.name}, ${columns[i]}` }), columns[i])));
}
