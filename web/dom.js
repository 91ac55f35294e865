// h makes an element: its attributes (functions are listeners), its children.
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

// setText leaves an unchanged text alone, so that nothing is announced twice.
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
