namespace Mayu.Netboot.Engines;

/// <summary>The engine <c>external</c>: another PXE environment answers DHCP and TFTP, and nothing of either is done here.</summary>
/// <param name="parts">What engines work with.</param>
internal sealed class ExternalEngine(EngineParts parts) : IBootEngine
{
    /// <inheritdoc/>
    public string? Trouble => null;

    /// <inheritdoc/>
    public string UnknownLeases => "Another DHCP server gives out the addresses (engine: external), and Mayu does not know its leases.";

    /// <inheritdoc/>
    public IExplainedEngine Explained => new ExplainExternal(parts);

    /// <inheritdoc/>
    public void Start()
    {
        // The other environment has started by itself.
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
