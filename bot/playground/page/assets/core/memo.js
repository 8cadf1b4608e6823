/* Drawing once for the same properties: for what stands on the page in great numbers. */
import { Component, h } from "preact";

/** Make a component that is drawn again only when one of its properties is another one; contexts it uses still reach it. */
export function memo(Drawn) {
  return class Memo extends Component {
    shouldComponentUpdate(next) {
      return !alike(this.props, next);
    }

    render(properties) {
      return h(Drawn, properties);
    }
  };
}

/** Tell whether two objects hold the same values under the same names. */
export function alike(one, other) {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => name in other && Object.is(one[name], other[name]));
}
