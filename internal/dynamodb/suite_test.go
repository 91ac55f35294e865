package dynamodb

import (
	"crypto/rand"
	"os"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/stretchr/testify/require"

	"pizzasaga/internal/api"
	"pizzasaga/internal/awstest"
	"pizzasaga/internal/ordertest"
)

func TestOrdersKeepTheStoresContract(t *testing.T) {
	endpoint := os.Getenv("DYNAMODB_ENDPOINT")
	if endpoint == "" {
		t.Skip("needs a DynamoDB emulator: set DYNAMODB_ENDPOINT to its URL, such as that of a moto server")
	}
	client := sdk.NewFromConfig(awstest.Emulator(endpoint))
	ordertest.TestStore(t, func(t *testing.T) api.Orders { return NewOrders(client, createTable(t, client)) })
}

func createTable(t *testing.T, client *sdk.Client) string {
	table := "orders-" + rand.Text()
	_, err := client.CreateTable(t.Context(), &sdk.CreateTableInput{
		TableName:            &table,
		BillingMode:          types.BillingModePayPerRequest,
		KeySchema:            []types.KeySchemaElement{{AttributeName: aws.String("pk"), KeyType: types.KeyTypeHash}},
		AttributeDefinitions: []types.AttributeDefinition{{AttributeName: aws.String("pk"), AttributeType: types.ScalarAttributeTypeS}},
	})
	require.NoError(t, err)
	return table
}
