/** Colours on light and on dark ground; text reaches 4.5:1, edges of controls 3:1. */
const LIGHT = `
  --ink: #1c2b31; --muted: #55656c; --paper: #f5f4f0; --surface: #fff;
  --line: #dcdfdb; --edge: #78878d; --accent: var(--va-accent, #0e5260);
  --on-accent: var(--va-on-accent, #fff); --soft: #e3eeef; --own: var(--accent);
  --on-own: var(--on-accent); --danger: #9f2a20; --danger-soft: #fcecea; --warn: #664800;
  --warn-soft: #fff3d8; --good: #1f6a3d; --shadow: 0 1.5em 4em #0b20262e, 0 .2em .8em #0b20261f;
  color-scheme: light;`;
const DARK = `
  --ink: #e9eeef; --muted: #a7b5ba; --paper: #12191c; --surface: #1c262a;
  --line: #323f44; --edge: #84949a; --accent: var(--va-accent-dark, #86cbd3);
  --on-accent: var(--va-on-accent-dark, #05252b); --soft: #20383d; --own: #27565e;
  --on-own: #f3f8f9; --danger: #ffa094; --danger-soft: #3d1f1b; --warn: #ffdb8f;
  --warn-soft: #3a2f15; --good: #8ad7a8; --shadow: 0 1.5em 4em #000a, 0 .2em .8em #0007;
  color-scheme: dark;`;

const TEXT = `
:host { ${LIGHT} display: block; font: 400 max(1rem, 16px)/1.5 var(--va-font, -apple-system,
  "Segoe UI", Roboto, "Helvetica Neue", Arial, system-ui, sans-serif); color: var(--ink);
  text-align: start; --radius: var(--va-radius, 14px); }
:host([mode="inline"]) { height: var(--va-height, 42em); max-height: 100vh; }
:host([hidden]), [hidden] { display: none !important; }
@media (prefers-color-scheme: dark) { :host(:not([theme="light"])) { ${DARK} } }
:host([theme="dark"]) { ${DARK} }

* { box-sizing: border-box; }
h2, h3, h4, p, ul, ol, dl, dd, fieldset { margin: 0; padding: 0; border: 0; }
button, input, textarea { font: inherit; color: inherit; letter-spacing: inherit; }
button { cursor: pointer; }
.hidden, .current .said { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap; }
:focus { outline: none; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.icon { flex: none; width: 1.25em; height: 1.25em; fill: none; stroke: currentColor;
  stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
.hint { color: var(--muted); font-size: .875em; font-weight: 400; }
.label, legend, label { font-weight: 600; }

.launcher { position: fixed; bottom: max(24px, env(safe-area-inset-bottom)); right: 24px;
  z-index: 2147483000; display: flex; align-items: center; gap: .6em; min-height: 56px;
  padding: 0 1.4em 0 1.1em; border: 1px solid transparent; border-radius: 28px; color: var(--on-accent);
  background: var(--accent); font-weight: 600; box-shadow: var(--shadow); }
.launcher .icon { width: 1.6em; height: 1.6em; }
.launcher:hover { filter: brightness(1.12); }
:host([position="bottom-left"]) .launcher { right: auto; left: 24px; }

.window { padding: 0; border: 1px solid var(--line); color: inherit; background: var(--paper);
  overflow: hidden; overflow: clip; }
dialog.window { position: fixed; inset: auto 24px 24px auto; z-index: 2147483000; margin: 0;
  width: 27em; max-width: calc(100vw - 48px); height: min(46em, 100vh - 48px);
  max-height: none; border-radius: var(--radius); box-shadow: var(--shadow); }
:host([position="bottom-left"]) dialog.window { inset: auto auto 24px 24px; }
dialog.window.sheet { inset: var(--top, 0) auto auto var(--left, 0); width: var(--width, 100%); max-width: none;
  height: var(--height, 100dvh); border: 0; border-radius: 0; box-shadow: none; }
.window.inline { height: 100%; border-radius: var(--radius); }
dialog::backdrop { background: var(--paper); }
@media (prefers-reduced-motion: no-preference) {
  dialog.window[open] { animation: rise .22s ease-out; }
  @keyframes rise { from { opacity: 0; transform: translateY(12px); } }
  .message, .answer { animation: appear .25s ease-out; }
  @keyframes appear { from { opacity: 0; } }
}

.panel { position: relative; display: flex; flex-direction: column; height: 100%; overflow-wrap: anywhere; }
.head { position: relative; display: grid; grid-template-columns: auto 1fr auto auto;
  align-items: center; gap: .75em; padding: .8em .8em .8em 1em; background: var(--surface);
  border-bottom: 1px solid var(--line); padding-top: max(.8em, env(safe-area-inset-top)); }
.mark { display: grid; place-items: center; width: 2.5em; height: 2.5em; border-radius: .7em;
  color: var(--on-accent); background: var(--accent); }
.titles { min-width: 0; }
h2 { font-size: 1.0625em; line-height: 1.3; letter-spacing: -.005em; }
.subtitle { display: flex; gap: .6em; color: var(--muted); font-size: .875em; line-height: 1.35; }
.subtitle strong { overflow: hidden; color: var(--ink); font-weight: 600; text-overflow: ellipsis;
  white-space: nowrap; }
.subtitle span { flex: none; }
.icon-button { display: grid; place-items: center; width: 2.5em; height: 2.5em; padding: 0;
  border: 0; border-radius: .7em; color: var(--muted); background: none; }
.icon-button:hover { color: var(--ink); background: var(--soft); }
.icon-button + .icon-button { margin-inline-start: -.6em; }
.bar { position: absolute; inset: auto 0 -2px 0; height: 3px; background: var(--line); }
.bar span { display: block; height: 100%; background: var(--accent); transform-origin: 0 50%;
  transform: scaleX(var(--done, 0)); transition: transform .4s; }

.notice { display: flex; gap: .6em; align-items: center; padding: .6em 1em; font-size: .9375em;
  background: var(--soft); border-bottom: 1px solid var(--line); }
.notice.warning { color: var(--warn); background: var(--warn-soft); }
.notice span { flex: 1; }
.notice .link { color: inherit; white-space: nowrap; }
.confirm { display: grid; gap: .7em; padding: 1em; background: var(--surface);
  border-bottom: 1px solid var(--line); box-shadow: 0 .6em 1em -.6em #0003; }

.scroller { position: relative; flex: 1; min-height: 0; overflow-y: auto; overscroll-behavior: contain;
  padding: 1.1em 1em 1.3em; scroll-padding: 1em; }
.scroller:focus-visible { outline-offset: -3px; }
.scroller > * { max-width: 44em; margin-inline: auto; }
.log { display: flex; flex-direction: column; gap: .6em; }
.message { display: flex; flex-direction: column; gap: .5em; max-width: 100%; }
.message.user { align-items: flex-end; padding-inline-start: 2.5em; }
.message.bot { align-items: flex-start; }
.user + .bot, .bot + .user { margin-top: .5em; }
.bubble { display: flex; flex-direction: column; gap: .6em; max-width: 100%; padding: .7em 1em;
  border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); }
.bot .bubble { border-start-start-radius: 4px; margin-inline-end: 1.5em; }
.user .bubble { border-color: transparent; border-end-end-radius: 4px; color: var(--on-own);
  background: var(--own); }
.bubble p, .bubble li { white-space: pre-line; }
.bubble ul { display: grid; gap: .25em; list-style: none; }
.bubble li { padding-inline-start: 1em; text-indent: -1em; }
.bubble a { color: var(--accent); text-underline-offset: .15em; }
.meta { display: flex; flex-wrap: wrap; justify-content: flex-end; align-items: center;
  gap: .15em .35em; margin-top: -.25em; color: var(--muted); font-size: .8125em; }
.meta .icon { width: 1em; height: 1em; stroke-width: 2.4; }
.meta.failed, .error { color: var(--danger); }
.failed .bubble { color: var(--ink); background: var(--danger-soft); border-color: var(--danger); }
.problem { flex-basis: 100%; text-align: end; }
.typing { display: flex; gap: .35em; width: fit-content; margin-inline: max(0px, 50% - 22em) auto; margin-top: .9em; padding: .95em 1.1em;
  border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); }
.typing i { width: .5em; height: .5em; border-radius: 50%; background: var(--muted); }
@media (prefers-reduced-motion: no-preference) {
  .typing i { animation: beat 1.1s infinite ease-in-out; }
  .typing i:nth-child(2) { animation-delay: .15s; }
  .typing i:nth-child(3) { animation-delay: .3s; }
  @keyframes beat { 0%, 60%, 100% { opacity: .3; } 30% { opacity: 1; } }
}

.answer, .ended { display: grid; gap: .7em; margin-top: .8em; }
.answer:focus-visible { outline-offset: 4px; border-radius: 4px; }
.fields, .drop, .ended { padding: 1em; border: 1px solid var(--line); border-radius: var(--radius);
  background: var(--surface); }
.fields, .drop { display: grid; gap: .75em; }
.grid { display: flex; flex-wrap: wrap; gap: .75em; }
.grid .field { flex: 1 1 100%; }
.grid .field.short { flex: 0 0 7em; }
.grid .field.short + .field { flex: 1 1 8em; }
.grid .field.half { flex: 1 1 9em; }
.field { display: grid; gap: .3em; align-content: end; }
.field .hint { line-height: 1.3; margin-top: -.2em; }
legend { padding: 0; margin-bottom: .6em; }
fieldset { min-width: 0; display: grid; gap: .5em; }
fieldset .field label { font-weight: 500; }
input:not([type]), input[type="text"], input[type="tel"], input[type="email"], textarea {
  width: 100%; min-height: 2.75em; padding: .55em .75em; border: 1px solid var(--edge);
  border-radius: .6em; background: var(--paper); line-height: 1.4; }
textarea { resize: vertical; }
input:focus, textarea:focus { outline: 3px solid var(--accent); outline-offset: 1px; }
input:disabled { opacity: .5; }
.field > .short { width: 8em; }
.grid .field > .short { width: 100%; }
input.code { letter-spacing: .03em; font-variant-numeric: tabular-nums; }
[aria-invalid="true"] { border-color: var(--danger) !important; border-width: 2px !important; }
.error { display: flex; gap: .5em; font-size: .9375em; font-weight: 500; }
.error:empty { display: none; }
.error .icon { margin-top: .1em; }
.withbutton { position: relative; display: flex; gap: .4em; }
.withbutton input.picker { position: absolute; right: 0; bottom: 0; width: 1px; min-height: 0;
  height: 1px; padding: 0; border: 0; opacity: 0; pointer-events: none; }
.withbutton .icon-button { flex: none; width: 2.75em; height: 2.75em; border: 1px solid var(--edge);
  color: var(--ink); }
.tick { display: flex; gap: .65em; align-items: center; min-height: 2em; font-weight: 400; }
.tick input { flex: none; width: 1.25em; height: 1.25em; margin: 0; accent-color: var(--accent); }

.choices { display: grid; gap: .5em; }
.choices.inline { display: flex; flex-wrap: wrap; align-items: center; }
.choice, .primary, .danger { display: inline-flex; flex-wrap: wrap; align-items: center;
  justify-content: center; gap: .1em .5em; min-height: 2.75em; padding: .5em 1.1em;
  border: 1px solid var(--edge); border-radius: .75em; background: var(--surface); font-weight: 600;
  line-height: 1.3; text-align: center; }
.choices:not(.inline) > .choice { flex-direction: column; align-items: flex-start;
  text-align: start; }
.choice { color: var(--accent); }
.choice:hover { background: var(--soft); border-color: var(--accent); }
.choice.small { min-height: 2.25em; padding: .3em .85em; font-weight: 500; font-size: .9375em; }
.inline > .choice:not(.small, .camera) { min-width: 6em; }
.primary { justify-self: start; border-color: transparent; color: var(--on-accent);
  background: var(--accent); }
.danger { border-color: transparent; color: var(--surface); background: var(--danger); }
.primary:hover, .danger:hover { filter: brightness(1.12); }
.link { padding: .2em .35em; min-height: 24px; border: 0; border-radius: .4em; background: none;
  color: var(--accent); font-weight: 600; text-decoration: underline; text-underline-offset: .2em; }
.link:hover { text-decoration-thickness: 2px; }
.link:disabled { visibility: hidden; }
.drop { border-style: dashed; border-color: var(--edge); }
.drop.over { border-color: var(--accent); background: var(--soft); }
@media (pointer: coarse) { .mouse { display: none; } }
@media not (pointer: coarse) { .camera { display: none; } }

.composer { display: flex; gap: .6em; align-items: flex-end;
  padding: .75em max(1em, 50% - 22em);
  padding-bottom: max(.75em, env(safe-area-inset-bottom)); background: var(--surface);
  border-top: 1px solid var(--line); }
.composer textarea { flex: 1; max-height: 9em; resize: none; padding-block: .62em; border-radius: 1.4em;
  padding-inline: 1.1em; }
textarea::placeholder { color: var(--muted); opacity: 1; }
.send { display: grid; place-items: center; flex: none; width: 2.75em; height: 2.75em; padding: 0;
  border: 1px solid transparent; border-radius: 50%; color: var(--on-accent);
  background: var(--accent); }
.send:hover { filter: brightness(1.12); }

.card { width: 100%; padding: 1em; border: 1px solid var(--line); border-radius: var(--radius);
  background: var(--surface); }
.card > * + * { margin-top: .8em; }
h3 { font-size: 1em; line-height: 1.3; }
h4 { font-size: .9375em; }
table { width: 100%; border-collapse: collapse; }
th { text-align: start; font-weight: 400; }
th, td { padding: .4em 0; border-top: 1px solid var(--line); vertical-align: middle; }
.amount { text-align: end; white-space: nowrap; padding-inline-start: 1em; }
.amount, .total strong, .offer { font-variant-numeric: tabular-nums; }
.sum > * { font-weight: 700; border-top: 2px solid var(--edge); }
.total { line-height: 1.3; }
.total strong { font-size: 1.75em; letter-spacing: -.02em; }
.total .hint { display: block; margin-top: .2em; }
.badge { margin-inline-start: .6em; padding: .15em .6em; border-radius: 1em; color: var(--warn);
  background: var(--warn-soft); font-size: .8125em; font-weight: 600; white-space: nowrap; }
summary { display: flex; align-items: center; gap: .4em; min-height: 2em; color: var(--accent);
  font-weight: 600; cursor: pointer; list-style: none; border-radius: .4em; }
summary::-webkit-details-marker { display: none; }
[open] > summary .icon { transform: rotate(180deg); }
details ul { display: grid; gap: .3em; margin: .4em 0 .6em; padding-inline-start: 1.2em;
  font-size: .9375em; }
.comparison table { table-layout: fixed; }
.comparison th, .comparison td { padding: .35em 0; }
.comparison th { overflow-wrap: break-word; hyphens: manual; }
.comparison thead th:first-child { width: 36%; }
@media (max-width: 360px) { .comparison thead th:first-child { width: 30%; } }
.comparison caption { text-align: start; padding-bottom: .6em; }
.comparison thead th { font-size: .8125em; font-weight: 600; vertical-align: bottom;
  padding-inline-end: .2em; }
.comparison td { padding-inline-start: .4em; }
.comparison thead th + th { padding-inline: .45em 0; letter-spacing: -.01em; }
.offer { width: 100%; padding: .35em .4em; flex-direction: column; font-size: .9375em; }
.offer .hint { display: inline-flex; align-items: center; gap: .25em; color: inherit; }
.offer .icon { width: 1em; height: 1em; stroke-width: 3; }
.offer.current, .offer.current:hover { color: var(--on-accent); background: var(--accent);
  border-color: transparent; cursor: default; }
.offer:disabled { color: var(--muted); border-color: var(--line); background: none; cursor: default; }
.offer.current:disabled { color: var(--ink); border-color: var(--edge); }
.review section + section { padding-top: .3em; }
.review .total { margin-bottom: .6em; }
.review h4 { padding-bottom: .35em; color: var(--accent); }
dl > div { display: grid; grid-template-columns: 1fr auto; gap: 0 .75em; padding: .4em 0;
  border-top: 1px solid var(--line); }
dt { grid-column: 1; color: var(--muted); font-size: .875em; line-height: 1.35; }
dd { grid-column: 1; white-space: pre-line; }
dd.change { grid-area: 1 / 2 / 3 / 3; align-self: center; }
.documents ul { list-style: none; }
.documents li { display: grid; grid-template-columns: auto 1fr; align-items: center; gap: 0 .7em;
  padding: .45em 0; border-top: 1px solid var(--line); }
.documents .icon { grid-row: span 2; }
.documents .hint { grid-column: 2; }
.documents .received .icon { color: var(--good); }
.documents .missing .icon { color: var(--danger); }
.done { border-top: 4px solid var(--good); }
.done .total strong { letter-spacing: .04em; }
.done ol { display: grid; gap: .5em; padding-inline-start: 1.4em; }
.done ol li::marker { color: var(--accent); font-weight: 600; }

.compact { overflow-y: auto; }
.compact .scroller { flex: none; overflow: visible; }
.compact .head { padding-block: .4em; }
.compact .mark, .compact .subtitle span { display: none; }
.compact .head { grid-template-columns: 1fr auto auto; }

@media (forced-colors: active) {
  .launcher, .primary, .danger, .send, .bubble, .offer.current, .mark { border: 1px solid ButtonText; }
  .bar { background: Canvas; border-top: 1px solid CanvasText; }
  .bar span { background: Highlight; forced-color-adjust: none; }
  .offer.current, .offer.current:hover { forced-color-adjust: none; color: HighlightText; background: Highlight; }
  .typing i { background: CanvasText; }
  :focus-visible, input:focus, textarea:focus { outline-color: Highlight; }
}
@media print { .launcher, .composer, .icon-button { display: none; } }
`;

/** @type {CSSStyleSheet | undefined} */
let sheet;

/** One sheet for all elements of a page; made in script, so no inline style is needed. */
export function styles() {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(TEXT);
  }
  return sheet;
}
