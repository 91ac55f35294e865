package rehearsal

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"pizzasaga/internal/aws/dynamodb"
	"pizzasaga/internal/order"
	"pizzasaga/internal/testkit/ministacktest"
)

// orders are those of the stack, by the adapter that the function has.
func (s *stack) orders(*testing.T) order.Orders {
	return dynamodb.NewOrders(sdk.NewFromConfig(aws.Config{
		Region: ministacktest.Region, BaseEndpoint: &s.cloud.URL,
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	}), s.output["TableName"])
}
