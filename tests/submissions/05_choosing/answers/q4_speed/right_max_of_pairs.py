# scores: all
def decode_speed(weight_bytes, cache_bytes, parameters, batch, bandwidth_gb, peak_tflops):
    gigabytes = weight_bytes / 1e9 + batch * cache_bytes / 1e9
    tera = 2 * parameters / 1e12 * batch
    # of equals max takes the first
    step, bound = max(
        (gigabytes / bandwidth_gb, "memory"), (tera / peak_tflops, "compute"), key=lambda p: p[0]
    )
    speed = 1 / step
    return {
        "step_seconds": step,
        "tokens_per_second": speed * batch,
        "per_person": speed,
        "bound": bound,
    }
