package mototest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/aws/dynamodb"
	"pizzasaga/internal/order"
	"pizzasaga/internal/testkit/ordertest"
)

func TestOrdersInDynamoDBKeepTheStoresContract(t *testing.T) {
	c := deployed(t)
	ordertest.TestStore(t, func(t *testing.T) order.Orders {
		table, err := c.NewTable(t.Context()) // a transaction of moto's copies the whole table: a small one, then
		require.NoError(t, err)
		return dynamodb.NewOrders(c.DynamoDB, table)
	})
}
