"use strict";

// Elements and figures. Text only ever becomes a text node, so that nothing in a run can become markup.

const SVG = "http://www.w3.org/2000/svg";

/** An element with properties (class, attributes, on… handlers) and children, of which null ones are left out. */
function h(tag, properties, ...children) {
  return fill(document.createElement(tag), properties, children);
}

/** The same for SVG. */
function s(tag, properties, ...children) {
  return fill(document.createElementNS(SVG, tag), properties, children);
}

function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "style") for (const [key, v] of Object.entries(value)) element.style.setProperty(key, v);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter(c => c !== null && c !== undefined && c !== "" && c !== false));
  return element;
}

/** A number in few digits. */
function shown(value) {
  if (value === null || value === undefined) return "not a number";
  const size = Math.abs(value);
  const text = size !== 0 && (size < 1e-3 || size >= 1e6) ? value.toExponential(2) : size >= 1000 ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(4)));
  return text.replaceAll("-", "\u2212");
}

function percent(value) { return (100 * value).toFixed(1) + " %"; }

function clamp(value, low, high) { return Math.max(low, Math.min(high, value)); }

/** Round numbers between two ends, about as many as asked for. */
function ticks(low, high, count) {
  const raw = (high - low) / count, power = Math.pow(10, Math.floor(Math.log10(raw))), share = raw / power;
  const step = (share < 1.5 ? 1 : share < 3.5 ? 2 : share < 7.5 ? 5 : 10) * power, found = [];
  for (let t = Math.ceil(low / step - 1e-9) * step; t <= high + step * 1e-9; t += step) found.push(Math.abs(t) < step * 1e-9 ? 0 : t);
  return found;
}

/** The colour of the n-th class or run; they are told apart by shape or dashes too. */
function colour(n) { return `var(--c${((n % 8) + 8) % 8})`; }

const DASHES = ["", "7 3", "2 3", "10 3 2 3", "5 5"];

/** Shapes of one size around 0, 0. */
const SHAPES = [
  "M-4,0a4,4 0 1,0 8,0a4,4 0 1,0 -8,0",
  "M-3.6,-3.6h7.2v7.2h-7.2z",
  "M0,-4.8L4.6,3.4H-4.6z",
  "M0,-5.2L5.2,0L0,5.2L-5.2,0z",
  "M-1.6,-4.8h3.2v3.2h3.2v3.2h-3.2v3.2h-3.2v-3.2h-3.2v-3.2h3.2z",
  "M0,4.8L4.6,-3.4H-4.6z",
];

/** A class's shape: classes of one colour have different ones. */
function shape(n) { return SHAPES[((n % 8) + Math.floor(n / 8)) % SHAPES.length]; }

function glyph(n) {
  return s("svg", { viewBox: "-6 -6 12 12", width: 12, height: 12, "aria-hidden": "true" }, s("path", { d: n < 0 ? SHAPES[0] : shape(n), fill: n < 0 ? "var(--muted)" : colour(n), class: "mark" }));
}

function lineSwatch(n) {
  return s("svg", { viewBox: "0 0 24 8", class: "swatch", "aria-hidden": "true" }, s("line", { x1: 0, x2: 24, y1: 4, y2: 4, stroke: colour(n), "stroke-width": 2.5, "stroke-dasharray": DASHES[n % DASHES.length] }));
}
