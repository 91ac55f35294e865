// What the page shows for each status in an order's timeline. It is JSON, so that a Go test can read it.
//   headline      where the order stands, if it is a status of the order
//   headlineWith  other words where the payment or the points have a status, the first that fits
//   tone          how the order has ended: good, undone or bad; without it the order is under way
//   lights        the marks that it sets on states of the diagram
export default {
  "PENDING": { "headline": "Your order is in.", "lights": { "CreateOrder": "running" } },
  "CREATED": { "headline": "Your order is accepted.", "lights": { "CreateOrder": "done", "ProcessPayment": "running" } },
  "PAYMENT_PROCESSING": { "headline": "Your payment is being taken." },
  "PAYMENT_COMPLETE": { "headline": "Paid. Now it is the kitchen’s turn.",
    "lights": { "ProcessPayment": "done", "FulfilOrder": "running", "AddLoyaltyPoints": "running", "PrepareOrder": "running" } },
  "ADDED": { "lights": { "AddLoyaltyPoints": "done" } },
  "COOKING_STARTED": { "headline": "Your pizza is in the oven.", "lights": { "PrepareOrder": "done", "CookPizza": "running" } },
  "COOKING_COMPLETED": { "headline": "Your pizza is baked.", "lights": { "CookPizza": "done", "ProcessOrder": "running" } },
  "DELIVERY_STARTED": { "headline": "Your pizza is on its way.", "lights": { "ProcessOrder": "done", "DeliverPizza": "running" } },
  "DELIVERY_CONFIRMED": { "headline": "Delivered. Enjoy your pizza.", "tone": "good",
    "headlineWith": { "ADD_FAILED": "Delivered, but the points are missing." },
    "lights": { "DeliverPizza": "done", "FulfilOrder": "done", "CompleteOrder": "done" } },
  "ROLLING_BACK": { "headline": "Something went wrong. Your order is being undone.", "lights": { "RefundPayment": "running" } },
  "HANDED_OVER": {},
  "CANCEL_REQUESTED": {},
  "REFUND_FAILED": {},
  "REFUNDING": { "lights": { "RefundPayment": "running" } },
  "REFUNDED": { "lights": { "RefundPayment": "done", "ReclaimLoyaltyPoints": "running" } },
  "RECLAIMED": { "lights": { "ReclaimLoyaltyPoints": "done", "NotifyCustomer": "running" } },
  "CANCELLED": { "headline": "Cancelled, and all of it undone.", "tone": "undone",
    "lights": { "ReclaimLoyaltyPoints": "done", "NotifyCustomer": "done", "OrderFailed": "failed" } },
  "PAYMENT_FAILED": { "headline": "The payment failed.", "tone": "bad",
    "headlineWith": { "DECLINED": "The payment was declined." },
    "lights": { "NotifyCustomer": "done", "OrderFailed": "failed" } },
  "ROLLBACK_FAILED": { "headline": "The way back failed.", "tone": "bad",
    "headlineWith": { "REFUND_FAILED": "The refund failed.", "RECLAIM_FAILED": "Refunded, but the points are unsettled.", "REFUNDED": "Cancelled, with a doubt." },
    "lights": { "NotifyCustomer": "done", "OrderFailed": "failed" } },
  "FAILED": { "headline": "The order was not accepted.", "tone": "bad", "lights": { "NotifyCustomer": "done", "OrderFailed": "failed" } }
}
