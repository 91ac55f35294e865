package rehearsal

import (
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"pizzasaga/internal/aws/dynamodb"
	"pizzasaga/internal/order"
)

// orders are those of the stack, by the adapter that the function has.
func (s *stack) orders(*testing.T) order.Orders {
	return dynamodb.NewOrders(sdk.NewFromConfig(s.config()), s.output["TableName"])
}
