namespace Mayu.Bench.Dhcp;

/// <summary>A DHCP server that is measured.</summary>
internal interface IDhcpSite
{
    /// <summary>Its name in files and messages.</summary>
    string Name { get; }

    /// <summary>The rate at which the search for its highest begins, in exchanges a second.</summary>
    int FirstRate { get; }

    /// <summary>Starts it, with a lease for each client already in its file.</summary>
    /// <param name="context">Where.</param>
    /// <param name="folder">Its own empty folder.</param>
    /// <param name="clients">How many.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Disposing stops it.</returns>
    Task<IAsyncDisposable> StartAsync(BenchContext context, string folder, int clients, CancellationToken cancellation);
}
