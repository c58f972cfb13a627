using Mayu.Client.Contracts;
using Mayu.Client.Requests;

namespace Mayu.Client;

public sealed partial class MayuClient
{
    /// <summary>Opens the stream of what happens to machines.</summary>
    /// <param name="of">The serial or MAC of the one that is watched; null: all.</param>
    /// <param name="after">The <see cref="EventReader{T}.LastId"/> of a stream that broke, to go on there; null: from now on.</param>
    /// <param name="cancellation">Ends the request, and later the stream.</param>
    public Task<ApiResult<EventReader<BootEvent>>> WatchAsync(string? of, string? after, CancellationToken cancellation = default) => _api.OpenEventsAsync(
        QueryText.Of("api/v1/events", ("of", of)),
        after,
        ApiJsonContext.Default.BootEvent,
        static (happened, kind) => happened.Kind.Length > 0 ? happened : happened with { Kind = kind },
        cancellation);

    /// <summary>Begins to follow the list of machines: as it is, and then every change of it.</summary>
    /// <param name="selector">The machines (<c>rack=7,state!=running</c>); null: all.</param>
    /// <param name="cancellation">Ends the request.</param>
    /// <returns>The machines from now on, however often the connection breaks; or why the server cannot be followed.</returns>
    public Task<ApiResult<MachineWatch>> WatchMachinesAsync(string? selector = null, CancellationToken cancellation = default) => MachineWatch.OpenAsync(
        (after, ended) => _api.OpenEventsAsync(
            QueryText.Of("api/v1/events/machines", ("selector", selector)),
            after,
            ApiJsonContext.Default.MachineEvent,
            static (happened, kind) => happened.Kind.Length > 0 ? happened : happened with { Kind = kind },
            ended),
        cancellation);
}
