# scores: q7_acc=0 q7_acc_norm=0
# What lesson 5 lets one build, without its call of the model.
def log_likelihood(logits, ids, start):
    told = logits.log_softmax(dim=-1)[start - 1 : -1]
    return told.gather(1, ids[start:, None]).sum().item()


def accuracy(items):
    raise NotImplementedError()
