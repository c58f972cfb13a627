namespace Mayu.Netboot.Engines;

/// <summary>An engine cannot be opened. The message is a sentence that names the port, file or key, and what to mend.</summary>
/// <param name="message">The sentence.</param>
internal sealed class EngineException(string message) : Exception(message);
