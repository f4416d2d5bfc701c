// The only way in which text may become markup: htmx parses a part of a page
// that this site has sent, into a document where nothing runs. Every other use
// of text as markup or script stays refused by the browser.

/** @type {{trustedTypes?: {createPolicy: Function}}} */
const home = /** @type {any} */ (window);
const PARSERS = ["Document parseHTMLUnsafe", "DOMParser parseFromString"];

home.trustedTypes?.createPolicy("default", {
  /**
   * @param {string} text
   * @param {string} _type
   * @param {string} sink
   * @returns {string | null}
   */
  createHTML(text, _type, sink) {
    return PARSERS.includes(sink) ? text : null;
  },
});
