// Comfort only: every page works without it. The parts in this folder are put together into one file, each within a block of its own; what
// several need stands here. What is said stands as a literal in `t(…)`: the desk puts the reader's language in its place before a browser sees it.
"use strict";

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const el = (name, more) => Object.assign(document.createElement(name), more);
const isTyping = (target) => target.matches("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

// All keys there are: where they hold, what they are called, what they do. Parts add theirs; `keys.js` listens.
const keys = [];
function key(where, name, words, does) {
  keys.push({ where, name, words, does });
}
// Those with words, each name once: what was named last holds.
const named = () => keys.filter((it, at) => it.words && keys.findLastIndex((other) => other.where === it.where && other.name === it.name) === at);
// Where one is: `everywhere` holds anyway.
const place = document.body.classList.contains("ticket") ? "ticket" : $("main .rows, main .hits") ? "list" : "";
// Puts a value that was kept into a field; one that it can no longer have is left out.
function put(form, name, value) {
  const field = form.elements[name];
  if (!field || typeof value !== "string") return;
  const was = field.value;
  field.value = value;
  if (field.value !== value) field.value = was;
  (field instanceof RadioNodeList ? $(`[name=${name}]:checked`, form) : field)?.dispatchEvent(new Event("change", { bubbles: true }));
}
