# scores: q4_rates=0
def decode_speed(weight_bytes, cache_bytes, parameters, batch, bandwidth_gb, peak_tflops):
    memory = (weight_bytes + batch * cache_bytes) / (bandwidth_gb * 1e9)
    compute = 2 * parameters * batch / (peak_tflops * 1e12)
    if compute > memory:
        step, bound = compute, "compute"
    else:
        step, bound = memory, "memory"
    return {
        "step_seconds": step,
        "tokens_per_second": batch / step,
        "per_person": 1 / step / batch,
        "bound": bound,
    }
