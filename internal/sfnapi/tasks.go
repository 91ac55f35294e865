package sfnapi

type sendTaskSuccessInput struct {
	Token  string `json:"taskToken"`
	Output string `json:"output"`
}

func (s *server) sendTaskSuccess(in sendTaskSuccessInput) (any, error) {
	return struct{}{}, s.Engine.SendTaskSuccess(in.Token, []byte(in.Output))
}

type sendTaskFailureInput struct {
	Token string `json:"taskToken"`
	Error string `json:"error"`
	Cause string `json:"cause"`
}

func (s *server) sendTaskFailure(in sendTaskFailureInput) (any, error) {
	return struct{}{}, s.Engine.SendTaskFailure(in.Token, in.Error, in.Cause)
}

type sendTaskHeartbeatInput struct {
	Token string `json:"taskToken"`
}

func (s *server) sendTaskHeartbeat(in sendTaskHeartbeatInput) (any, error) {
	return struct{}{}, s.Engine.SendTaskHeartbeat(in.Token)
}
