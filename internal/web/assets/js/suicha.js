// The one script. Every page works without it; it makes some things quicker.
import "./trust.js";
import "htmx.org";
import "./ask.js";
import "./busy.js";
import "./copy.js";
import "./filter.js";
import "./guard.js";
import "./keys.js";
import "./menu.js";
import "./part.js";
import "./passkey.js";
import "./said.js";
import "./screen.js";
import "./sign.js";
import "./tick.js";
import "./upload.js";

document.documentElement.classList.add("js");
