// Package statemachine embeds the deployed definition of the order workflow.
package statemachine

import _ "embed"

// Pizza is the definition in the Amazon States Language. Its substitutions (${Partition},
// ${FunctionArn}, ${AddLoyaltyPointsDLQUrl}, ${RefundPaymentDLQUrl},
// ${ReclaimLoyaltyPointsDLQUrl}) have not been made yet.
//
//go:embed pizza.asl.json
var Pizza []byte
