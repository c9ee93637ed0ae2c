# scores: all
def decode_speed(weight_bytes, cache_bytes, parameters, batch, bandwidth_gb, peak_tflops):
    read = weight_bytes + sum(cache_bytes for _ in range(batch))
    steps_by_memory = bandwidth_gb * 10**9 / read
    steps_by_compute = peak_tflops * 10**12 / (2 * parameters * batch)
    steps = min(steps_by_memory, steps_by_compute)
    return dict(
        step_seconds=1 / steps,
        tokens_per_second=steps * batch,
        per_person=steps,
        bound="memory" if steps_by_memory <= steps_by_compute else "compute",
    )
