using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Mayu.Server.Http;

/// <summary>
/// Takes no more connections from the kernel than there are places: a new one that nobody has looked at, and one that gave way and is not closed
/// yet, have a place too. Whoever connects faster than that waits in the kernel, and the process keeps its open files (ADR 26).
/// </summary>
/// <param name="sockets">Opens the listeners.</param>
/// <param name="most">How many places there are, for all of them together.</param>
internal sealed class BoundedSockets(IConnectionListenerFactory sockets, int most) : IConnectionListenerFactory, IDisposable
{
    private readonly SemaphoreSlim _places = new(most);
    private volatile bool _hasFailed;

    /// <summary>Whether a listener could not accept: the web server then asks it for no further connection.</summary>
    public bool HasFailed => _hasFailed;

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new Listener(this, await sockets.BindAsync(endpoint, cancellationToken), _places);

    public void Dispose() => _places.Dispose();

    private sealed class Listener(BoundedSockets all, IConnectionListener sockets, SemaphoreSlim places) : IConnectionListener
    {
        private readonly CancellationTokenSource _unbound = new();

        public EndPoint EndPoint => sockets.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            try
            {
                await places.WaitAsync(_unbound.Token);
            }
            catch (OperationCanceledException)
            {
                return null;
            }

            ConnectionContext? accepted = null;
            try
            {
                accepted = await sockets.AcceptAsync(cancellationToken);
                return accepted is null ? null : new Connection(accepted, places);
            }
            catch
            {
                all._hasFailed = true;
                throw;
            }
            finally
            {
                if (accepted is null)
                {
                    places.Release();
                }
            }
        }

        public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            await _unbound.CancelAsync();
            await sockets.UnbindAsync(cancellationToken);
        }

        public async ValueTask DisposeAsync()
        {
            await sockets.DisposeAsync();
            _unbound.Dispose();
        }
    }

    private sealed class Connection(ConnectionContext socket, SemaphoreSlim places) : ConnectionContext
    {
        private int _isDisposed;

        public override string ConnectionId { get => socket.ConnectionId; set => socket.ConnectionId = value; }

        public override IFeatureCollection Features => socket.Features;

        public override IDictionary<object, object?> Items { get => socket.Items; set => socket.Items = value; }

        public override IDuplexPipe Transport { get => socket.Transport; set => socket.Transport = value; }

        public override CancellationToken ConnectionClosed { get => socket.ConnectionClosed; set => socket.ConnectionClosed = value; }

        public override EndPoint? LocalEndPoint { get => socket.LocalEndPoint; set => socket.LocalEndPoint = value; }

        public override EndPoint? RemoteEndPoint { get => socket.RemoteEndPoint; set => socket.RemoteEndPoint = value; }

        public override void Abort() => socket.Abort();

        public override void Abort(ConnectionAbortedException abortReason) => socket.Abort(abortReason);

        public override async ValueTask DisposeAsync()
        {
            try
            {
                await socket.DisposeAsync();
                await base.DisposeAsync();
            }
            finally
            {
                if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
                {
                    places.Release();
                }
            }
        }
    }
}
