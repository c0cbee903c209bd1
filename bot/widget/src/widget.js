/** Entry: one module script of a page defines the element `<vereins-antrag>`. */
import { VereinsAntrag } from "./element.js";

if (!customElements.get("vereins-antrag")) customElements.define("vereins-antrag", VereinsAntrag);

export { VereinsAntrag };
