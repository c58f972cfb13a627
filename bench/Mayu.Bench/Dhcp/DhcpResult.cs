namespace Mayu.Bench.Dhcp;

/// <summary>What a server reached.</summary>
/// <param name="ExchangesPerSecond">Whole exchanges, DISCOVER to ACK.</param>
/// <param name="CpuPerExchange">Processor time of the server, user and kernel.</param>
internal sealed record DhcpResult(double ExchangesPerSecond, TimeSpan CpuPerExchange);
