// What the page shows for a status in an order's timeline. It is JSON so that a Go test
// can read it.
//   headline      the headline, if it is a status of the order
//   headlineWith  other headlines for statuses of the payment or the points; the first match wins
//   tone          how the order has ended: good, undone or bad; missing while the order is in progress
//   cancel        whether an order in this status can be cancelled
//   goesOn        the step that sets it continues; after any other status the step is done
export default {
  "PENDING": { "headline": "Your order is in.", "cancel": true },
  "CREATED": { "headline": "Your order has been accepted.", "cancel": true },
  "PAYMENT_PROCESSING": { "headline": "Your payment is being processed.", "cancel": true, "goesOn": true },
  "PAYMENT_COMPLETE": { "headline": "Paid. The kitchen is next.", "cancel": true },
  "COOKING_STARTED": { "headline": "Your pizza is in the oven.", "cancel": true },
  "COOKING_COMPLETED": { "headline": "Your pizza is ready.", "cancel": true, "goesOn": true },
  "DELIVERY_STARTED": { "headline": "Your pizza is on its way.", "goesOn": true },
  "DELIVERY_CONFIRMED": { "headline": "Delivered. Enjoy your pizza.", "tone": "good",
    "headlineWith": { "ADD_FAILED": "Delivered, but the points are missing." } },
  "ROLLING_BACK": { "headline": "Something went wrong. The refund is under way.", "goesOn": true,
    "headlineWith": { "REFUNDED": "Something went wrong. You have your money back." } },
  "HANDED_OVER": { "goesOn": true },
  "REFUNDING": { "goesOn": true },
  "CANCELLED": { "headline": "Cancelled before you were charged.", "tone": "undone",
    "headlineWith": { "REFUNDED": "We could not deliver your pizza. You have your money back." } },
  "PAYMENT_FAILED": { "headline": "The payment failed.", "tone": "bad",
    "headlineWith": { "DECLINED": "The payment was declined." } },
  "ROLLBACK_FAILED": { "headline": "The order could not be fully undone. Ask the shop.", "tone": "bad",
    "headlineWith": { "REFUND_FAILED": "The refund failed. The shop still owes you the money.", "RECLAIM_FAILED": "Refunded, but taking back the points failed.", "REFUNDED": "You have your money back, although a step reported a failure." } },
  "FAILED": { "headline": "The order was not accepted.", "tone": "bad" }
}
