namespace Mayu.Ctl.Simulate;

/// <summary>How a boot is simulated.</summary>
/// <param name="Patience">How long nothing may come.</param>
/// <param name="WaitsForProxy">Whether a proxy must answer beside the server that gives the address.</param>
/// <param name="Registers">Whether the discovery system is played too: the machine sends facts and gets a record.</param>
/// <param name="ReleasesLease">Whether the address is given back in the end.</param>
internal sealed record SimulationOptions(TimeSpan Patience, bool WaitsForProxy, bool Registers, bool ReleasesLease);
