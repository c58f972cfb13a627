using Mayu.Core.Machines;
using Mayu.Primitives;

namespace Mayu.Server.Api.Inventory;

/// <summary>The machines for other programs: monitoring, and name services.</summary>
/// <param name="store">The machines.</param>
/// <param name="domain">The domain of the network; null: none.</param>
/// <param name="server">This server's address.</param>
/// <param name="clock">The time.</param>
internal sealed class InventoryEndpoints(IMachineStore store, string? domain, Ipv4 server, TimeProvider clock)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        new ScrapeTargetsEndpoint(store).Map(routes);
        new NameEndpoints(store, domain, server, clock).Map(routes);
    }
}
