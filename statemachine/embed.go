// Package statemachine embeds the definition of the order workflow: the very
// file that is deployed.
package statemachine

import _ "embed"

// Pizza is the definition in the Amazon States Language, with its substitutions
// (${Partition}, ${FunctionArn}, ${AddLoyaltyPointsDLQUrl}, ${RefundPaymentDLQUrl},
// ${ReclaimLoyaltyPointsDLQUrl}) still to be filled in.
//
//go:embed pizza.asl.json
var Pizza []byte
