// The picture: every ticket a stroke on one axis, and the line. Tall blue
// strokes left of the red line were drawn, short grey ones were not.

import { decimal } from './suite.js';

const svgSpace = 'http://www.w3.org/2000/svg';

/**
 * @param {string} tag
 * @param {Record<string, string|number>} attributes
 * @param {string} [text]
 */
function shape(tag, attributes, text) {
  const element = document.createElementNS(svgSpace, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  if (text) element.textContent = text;
  return element;
}

/**
 * Draws tickets on the axis from 0 to 1.
 * @param {Element} place where the picture goes
 * @param {string[]} digits the tickets in hexadecimal, ascending
 * @param {number} drawn how many of them were drawn
 */
export function drawStrip(place, digits, drawn) {
  const tickets = digits.map(fraction);
  const label = drawn > 0 ? `入选线 ${decimal(digits[drawn - 1])}` : '没有抽取';
  const width = Math.max(300, Math.min(820, place.clientWidth || 600));
  const height = 172;
  const svg = shape('svg', { viewBox: `0 0 ${width} ${height}`, role: 'img', class: 'strip' });
  const cut = drawn > 0 ? tickets[drawn - 1] : 0;
  const scale = Math.min(1, cut > 0 ? Math.max(cut * 2, 1e-6) : 1);
  svg.append(shape('title', {}, `${tickets.length} 个签号，最小的 ${drawn} 个抽中，${label}`));
  overview(svg, tickets, drawn, width, scale);
  near(svg, tickets, drawn, width, scale, cut, label);
  place.replaceChildren(svg);
}

/**
 * All tickets from 0 to 1, small.
 * @param {Element} svg
 * @param {number[]} tickets
 * @param {number} drawn
 * @param {number} width
 * @param {number} scale
 */
function overview(svg, tickets, drawn, width, scale) {
  svg.append(
    shape('text', { x: 0, y: 12 }, '0'),
    shape('text', { x: width, y: 12, 'text-anchor': 'end' }, '全部签号　0 至 1'),
    shape('rect', { x: 0, y: 20, width: scale * width, height: 14, class: 'win' }),
    shape('path', { d: `M0 34H${scale * width}L${width} 74H0Z`, class: 'lens' }),
    strokes(tickets.slice(drawn), width, 26, 34, 'out'),
    strokes(tickets.slice(0, drawn), width, 20, 34, 'in'),
    shape('line', { x1: 0, x2: width, y1: 34, y2: 34, class: 'axis' }),
  );
}

/**
 * The tickets near the line, large.
 * @param {Element} svg
 * @param {number[]} tickets
 * @param {number} drawn
 * @param {number} width
 * @param {number} scale
 * @param {number} cut
 * @param {string} label of the line
 */
function near(svg, tickets, drawn, width, scale, cut, label) {
  const seen = (/** @type {number[]} */ all) => all.map((t) => t / scale).filter((t) => t <= 1);
  const x = (cut / scale) * width + 1.5;
  const left = x > width / 2 + 20;
  svg.append(
    strokes(seen(tickets.slice(drawn)), width, 122, 146, 'out'),
    strokes(seen(tickets.slice(0, drawn)), width, 104, 146, 'in'),
    shape('line', { x1: 0, x2: width, y1: 146, y2: 146, class: 'axis' }),
    shape('text', { x: 0, y: 164, class: 'tb' }, `抽中 ${drawn}`),
    shape('text', { x: width, y: 164, 'text-anchor': 'end' }, `未抽中 ${tickets.length - drawn}`),
  );
  if (drawn === 0) return;
  svg.append(
    shape('line', { x1: x, x2: x, y1: 78, y2: 152, class: 'cut' }),
    shape('text', { x: left ? x - 8 : x + 8, y: 92, class: 'tr', 'text-anchor': left ? 'end' : 'start' }, label),
  );
}

/**
 * Many strokes as one path.
 * @param {number[]} tickets
 * @param {number} width
 * @param {number} top
 * @param {number} bottom
 * @param {string} className
 */
function strokes(tickets, width, top, bottom, className) {
  const d = tickets.map((t) => `M${(t * width).toFixed(1)} ${top}V${bottom}`).join('');
  return shape('path', { d: d || 'M0 0', class: className });
}

/**
 * The number from 0 to 1 that a ticket writes.
 * @param {string} ticket in hexadecimal
 */
function fraction(ticket) {
  return parseInt(ticket.slice(0, 13), 16) / 2 ** 52;
}
