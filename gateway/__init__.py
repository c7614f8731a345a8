"""The one door to the hall: HTTP and server-sent events outside, RabbitMQ inside, no data of its own."""
