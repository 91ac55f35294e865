// The orders placed in this browser, latest first. Each is {ids, flavour, fault, at,
// outcome}; "all eight" has several ids.

const key = 'pizza-saga-orders';
const most = 20;

export function remembered() {
  try {
    const orders = JSON.parse(localStorage.getItem(key));
    return Array.isArray(orders) ? orders.filter((o) => Array.isArray(o?.ids)) : [];
  } catch {
    return []; // storage is switched off or has something else
  }
}

function store(orders) {
  try {
    localStorage.setItem(key, JSON.stringify(orders.slice(0, most)));
  } catch { /* the list is optional: the order's link still works */ }
}

// remember adds an order, unless it is already in the list.
export function remember(order) {
  const orders = remembered();
  if (!orders.some((o) => o.ids[0] === order.ids[0])) store([order, ...orders]);
}

// learn stores the outcome of an order that was placed here.
export function learn(ids, outcome) {
  const orders = remembered();
  const known = orders.find((o) => o.ids.join() === ids.join());
  if (known && known.outcome !== outcome) {
    known.outcome = outcome;
    store(orders);
  }
}
