const SVG = "http://www.w3.org/2000/svg";

/** Outlines on a grid of 24, drawn with the colour of the text. */
const PATHS = {
  shield: "M12 3l7.5 2.7v5.4c0 4.6-3.1 8.2-7.5 9.9-4.4-1.7-7.5-5.3-7.5-9.9V5.7zM8.6 12l2.4 2.4 4.5-4.8",
  close: "M6 6l12 12M18 6L6 18",
  restart: "M4.5 12a7.5 7.5 0 1 0 2.4-5.5M4.5 4v4h4",
  send: "M12 19V5M5.5 11.5L12 5l6.5 6.5",
  calendar: "M5 6.5h14V20H5zM5 10.5h14M8.5 4v4M15.5 4v4",
  check: "M5 12.5l4.5 4.5L19 7.5",
  clock: "M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16zM12 8v4.5l3 1.8",
  alert: "M12 4l9 16H3zM12 10v4M12 16.8v.4",
  file: "M7 3.5h7l4 4V20.5H7zM14 3.5v4h4",
  camera: "M4 8h4l1.5-2.5h5L16 8h4v11H4zM12 10.2a3.2 3.2 0 1 1 0 6.4 3.2 3.2 0 0 1 0-6.4z",
  download: "M12 4v11M7 10.5l5 5 5-5M5 20h14",
  chevron: "M7 10l5 5 5-5",
};

/**
 * @param {keyof typeof PATHS} name
 * @returns {SVGElement} decorative: the text beside it says the same
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "icon");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.appendChild(path);
  return svg;
}
