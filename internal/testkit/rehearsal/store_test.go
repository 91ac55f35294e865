package rehearsal

import (
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"pizzasaga/internal/aws/dynamodb"
	"pizzasaga/internal/order"
)

// orders returns the stack's orders, through the function's adapter.
func (s *stack) orders(*testing.T) order.Orders {
	return dynamodb.NewOrders(sdk.NewFromConfig(s.config()), s.output["TableName"])
}
