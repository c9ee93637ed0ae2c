# scores: q4_reading=0 q4_rates=0 q4_computing=0
def decode_speed(weight_bytes, cache_bytes, parameters, batch, bandwidth_gb, peak_tflops):
    return {"step_seconds": 0.08, "tokens_per_second": 12.5, "per_person": 12.5, "bound": "memory"}
