"""How the course's own small models were made: corpus, tokenizer, training, evaluation."""
