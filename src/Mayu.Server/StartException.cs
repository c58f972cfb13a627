namespace Mayu.Server;

/// <summary>The server cannot start. The message names the thing and says what to do.</summary>
internal sealed class StartException(string message, Exception? inner = null) : Exception(message, inner);
