# scores: all
def decode_speed(weight_bytes, cache_bytes, parameters, batch, bandwidth_gb, peak_tflops):
    times = np.array(
        [
            (weight_bytes + batch * cache_bytes) / bandwidth_gb / 1e9,
            2 * batch * parameters / peak_tflops / 1e12,
        ]
    )
    step = float(times.max())
    return {
        "step_seconds": step,
        "tokens_per_second": batch / step,
        "per_person": 1 / step,
        "bound": ("memory", "compute")[int(times.argmax())],
    }
