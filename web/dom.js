// h creates an element with attributes (functions become listeners) and children.
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.filter((c) => c != null));
  return element;
}

export const $ = (selector, root = document) => root.querySelector(selector);

// setText does not touch an unchanged text, so that nothing is announced twice.
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
