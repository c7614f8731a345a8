"""What Prometheus is told of what is followed live."""

from prometheus_client import Counter, Gauge

streams_open = Gauge("hall_gateway_streams_open", "Event streams open now.", multiprocess_mode="livesum")
topics_asked_for = Counter(
    "hall_gateway_topics_asked_for", "Boards and desks asked for to be shown live.", ["kind", "outcome"]
)
